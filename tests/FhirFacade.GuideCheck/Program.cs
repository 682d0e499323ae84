using FhirFacade.GuideCheck;

if (args is not [var guide, var tables])
{
    Console.Error.WriteLine("usage: FhirFacade.GuideCheck GUIDE TABLES");
    Console.Error.WriteLine("  GUIDE   folder with the published guide's messages, segments, datatypes and codesystems");
    Console.Error.WriteLine("  TABLES  conformance/v2-to-fhir");
    return 2;
}

var carried = new CarriedRows(tables);
var unexplained = 0;
foreach (var kind in GuideReader.Read(guide).GroupBy(static r => r.Kind))
{
    var (yes, no) = (0, 0);
    foreach (var row in kind)
    {
        if (carried.How(row) is { } how)
        {
            yes++;
            Console.WriteLine($"carried      {row.Key}  ({how})");
        }
        else
        {
            no++;
            var reason = carried.WhyNot(row);
            unexplained += reason is null ? 1 : 0;
            Console.WriteLine($"not carried  {row.Key}  {reason ?? "UNEXPLAINED"}");
        }
    }

    Console.WriteLine($"{kind.Key}: {yes + no} rows with a target, {yes} carried, {no} not");
}

Console.WriteLine($"{unexplained} neither carried nor explained");
return unexplained == 0 ? 0 : 1;
