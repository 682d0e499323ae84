Console.WriteLine("fhirfacade");
