using System.Globalization;
using System.Text;

namespace FhirFacade.Benchmarks;

/// <summary>The message that the parser is measured with: an ORU^R01 of about 5.2 KB with 30 OBX, made up here.</summary>
internal static class ParseSample
{
    private const int Observations = 30;

    private static readonly (string Code, string Name, string Unit, string Range)[] Analytes =
    [
        ("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", "12.0-16.0"),
        ("4544-3", "Hematocrit [Volume Fraction] of Blood", "%", "36-46"),
        ("6690-2", "Leukocytes [#/volume] in Blood", "10*3/uL", "4.5-11.0"),
        ("777-3", "Platelets [#/volume] in Blood", "10*3/uL", "150-400"),
        ("2951-2", "Sodium [Moles/volume] in Serum", "mmol/L", "136-145"),
        ("2823-3", "Potassium [Moles/volume] in Serum", "mmol/L", "3.5-5.1"),
    ];

    public static byte[] Build()
    {
        var text = new StringBuilder();
        text.Append("MSH|^~\\&|LAB^1.2.840.99999.1^ISO|NORTH^1.2.840.99999.2^ISO|EHR|NORTH|20240517093012.123+0200||ORU^R01^ORU_R01|BENCH-000001|P|2.5.1|||AL|NE||UNICODE UTF-8\r");
        text.Append("PID|1||100042^^^NORTH&1.2.840.99999.2&ISO^MR~900-11-2222^^^USA^SS||Sample^Quentin^Zoe^^Dr.^^L~Muster^Quentin^^^^^M||19710304|F||2106-3^White^HL70005|12 Long Lane^Apt 4^Springfield^IL^62701^USA^H||^PRN^PH^^1^217^5550142|^WPN^PH^^1^217^5550143|en|M||ACC-77012^^^NORTH\r");
        text.Append("PV1|1|I|4W^401^B^NORTH^^^^4 West||||1234567893^Attend^Anna^^^Dr.^^^NPI|2345678901^Refer^Rolf^^^Dr.^^^NPI||MED||||7||||IN|V-20240517^^^NORTH|||||||||||||||||||||||||20240516211500+0200\r");
        text.Append("ORC|RE|P-5501^EHR|F-8801^LAB||CM||||20240517080000+0200|||1234567893^Attend^Anna^^^Dr.\r");
        text.Append("OBR|1|P-5501^EHR|F-8801^LAB|58410-2^CBC panel^LN|||20240517080500+0200|||||||20240517082000+0200||1234567893^Attend^Anna^^^Dr.||||||20240517093000+0200||HM|F\r");
        for (var i = 0; i < Observations; i++)
        {
            var (code, name, unit, range) = Analytes[i % Analytes.Length];
            var value = (10 + (i * 7 % 90) + (i / 10m)).ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"OBX|{i + 1}|NM|{code}^{name}^LN||{value}|{unit}^{unit}^UCUM|{range}|N|||F|||20240517080500+0200|LAB1^Main laboratory|77^Tech\r");
        }

        text.Append("NTE|1|L|Sample slightly haemolysed \\T\\ repeated on the second analyser; no \\.br\\further action\r");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
