using FhirFacade.Benchmarks;

switch (args)
{
    case ["parse"]:
        ParseBenchmark.Run();
        return 0;
    case ["translate"]:
        TranslateBenchmark.Run();
        return 0;
    case ["extract"]:
        ExtractBenchmark.Run();
        return 0;
    case ["read"]:
        await ReadBenchmark.RunAsync(7, TimeSpan.FromSeconds(2));
        return 0;
    case ["read", "--rounds", var rounds, "--seconds", var seconds]:
        await ReadBenchmark.RunAsync(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)));
        return 0;
    case ["read", "--one", var number, "--seconds", var seconds]:
        await ReadBenchmark.RunOneAsync(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture)));
        return 0;
    case ["ack", .. var connections]:
        await AckBenchmark.RunAsync([.. connections.Select(int.Parse)]);
        return 0;
    case ["validate"]:
        ValidateBenchmark.Run();
        return 0;
    case ["definitions"]:
        DefinitionsBenchmark.Run();
        return 0;
    case ["definitions", var part]:
        DefinitionsBenchmark.RunPart(int.Parse(part, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["import"]:
        await ImportBenchmark.RunAsync(alone: false);
        return 0;
    case ["import", "--alone"]:
        await ImportBenchmark.RunAsync(alone: true);
        return 0;
    case ["import", "--stages"]:
        await ImportStages.RunAsync();
        return 0;
    case ["memory"]:
        await MemoryBenchmark.RunAsync();
        return 0;
    case ["consent"]:
        await ConsentBenchmark.RunAsync(100_000, null);
        return 0;
    case ["consent", "--rows", var rows, "--keep", var directory]:
        await ConsentBenchmark.RunAsync(int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture), directory);
        return 0;
    case ["search"]:
        await SearchBenchmark.RunAsync(100_000, null);
        return 0;
    case ["search", "--rows", var rows]:
        await SearchBenchmark.RunAsync(int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture), null);
        return 0;
    case ["search", "--rows", var rows, "--keep", var directory]:
        await SearchBenchmark.RunAsync(int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture), directory);
        return 0;
    case ["scope"]:
        await ScopeBenchmark.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("usage: FhirFacade.Benchmarks parse|translate|extract|read [--rounds N|--one N --seconds S]|ack [CONNECTIONS...]|validate|import [--stages|--alone]|memory|definitions|consent [--rows N --keep DIRECTORY]|search [--rows N [--keep DIRECTORY]]|scope");
        return 2;
}
