using FhirFacade.Benchmarks;

switch (args)
{
    case ["parse"]:
        ParseBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: FhirFacade.Benchmarks parse");
        return 2;
}
