using FhirFacade.Fuzz;

// usage: FhirFacade.Fuzz json|xml|fhirpath|package [--minutes N] [--inputs N] [--seed N] [--only INPUT] [--replay FILE]
// Exit code 0: nothing found; 1: a finding, with its seed and the smallest input that shows it; 2: the command line is wrong.
if (FuzzOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine($"usage: FhirFacade.Fuzz {string.Join('|', FuzzTarget.Names)} [--minutes N] [--inputs N] [--seed N] [--only INPUT] [--replay FILE]");
    return 2;
}

return options switch
{
    { Replay: { } file } => FuzzReplay.Run(options.Target, File.ReadAllBytes(file)),
    { Only: { } number } => FuzzReplay.Run(options.Target, options.Target.Input(options.Seed, number)),
    { Progress: { } progress } => FuzzChild.Run(options, progress),
    _ => FuzzParent.Run(options),
};
