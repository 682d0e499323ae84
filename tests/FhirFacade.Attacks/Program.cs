return await FhirFacade.Attacks.AttackCommand.RunAsync(args);
