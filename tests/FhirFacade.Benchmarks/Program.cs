using FhirFacade.Benchmarks;

switch (args)
{
    case ["parse"]:
        ParseBenchmark.Run();
        return 0;
    case ["read"]:
        await ReadBenchmark.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine("usage: FhirFacade.Benchmarks parse|read");
        return 2;
}
