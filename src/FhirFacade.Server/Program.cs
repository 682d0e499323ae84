return await FhirFacade.Server.CommandLine.FhirFacadeCommand.RunAsync(args);
