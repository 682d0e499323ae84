using System.Globalization;
using System.Text;
using FhirFacade.Storage.Schema;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>A statement under construction: text of ours, and values only as parameters.</summary>
public sealed class SqlStatement
{
    private readonly StringBuilder text = new();
    private readonly List<NpgsqlParameter> parameters = [];
    private int aliases;

    /// <summary>The text so far, with <c>$1</c> ... for the values.</summary>
    public string Text => text.ToString();

    /// <summary>The values so far, in the order of their numbers.</summary>
    public IReadOnlyList<NpgsqlParameter> Parameters => parameters;

    /// <summary>Adds text of the statement, never a value.</summary>
    public SqlStatement Sql(string sql)
    {
        text.Append(sql);
        return this;
    }

    /// <summary>Adds the table of a resource type's current versions.</summary>
    /// <exception cref="ArgumentException">There is no such type.</exception>
    public SqlStatement Table(string resourceType) => Sql(ResourceTables.NameOf(resourceType));

    /// <summary>Adds a new name for a table, unlike any other in this statement.</summary>
    public string Alias()
    {
        aliases++;
        return "t" + aliases.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Adds a value as the next parameter.</summary>
    public SqlStatement Value(object value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        text.Append('$').Append(parameters.Count.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Adds a text value as the next parameter.</summary>
    public SqlStatement Value(string value) => Value(value, NpgsqlDbType.Text);

    /// <summary>Adds a number as the next parameter.</summary>
    public SqlStatement Value(long value) => Value(value, NpgsqlDbType.Bigint);

    /// <summary>Adds a number as the next parameter.</summary>
    public SqlStatement Value(int value) => Value(value, NpgsqlDbType.Integer);

    /// <summary>Adds an instant as the next parameter; the first and the last of .NET are the database's infinities.</summary>
    public SqlStatement Value(DateTimeOffset value) => Value(value.UtcDateTime, NpgsqlDbType.TimestampTz);

    /// <summary>Adds a list of terms as the next parameter.</summary>
    public SqlStatement Value(IEnumerable<long> values) => Value(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    /// <summary>Adds a list of texts as the next parameter.</summary>
    public SqlStatement Value(IEnumerable<string> values) => Value(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>The command that runs it; parameters belong to one command at a time.</summary>
    public NpgsqlCommand ToCommand(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        // The text is put together from constants and parameter numbers only; every value is in Parameters.
        var command = new NpgsqlCommand(Text, connection, transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    /// <summary>The same as one command of a batch.</summary>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var command = new NpgsqlBatchCommand(Text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }
}
