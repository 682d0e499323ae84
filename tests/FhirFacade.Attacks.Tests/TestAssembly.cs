[assembly: Xunit.AssemblyFixture(typeof(FhirFacade.TestSupport.TestClusterLifetime))]
