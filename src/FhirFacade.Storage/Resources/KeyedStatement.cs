using FhirFacade.Storage.Search.Emit;
using Npgsql;
using NpgsqlTypes;

namespace FhirFacade.Storage.Resources;

/// <summary>A statement that is run again and again, of whose values only the first, a text, differs from run to run. Safe to share.</summary>
internal sealed class KeyedStatement
{
    private readonly string text;
    private readonly NpgsqlParameter[] others;

    /// <summary>Takes down what a statement is now; its first value does not matter.</summary>
    public KeyedStatement(SqlStatement sql) => (text, others) = (sql.Text, [.. sql.Parameters.Skip(1).Select(parameter => parameter.Clone())]);

    /// <summary>The command that runs it with a key.</summary>
    public NpgsqlCommand ToCommand(NpgsqlConnection connection, string key)
    {
        // The text is put together from constants and parameter numbers only; every value is a parameter.
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key, NpgsqlDbType = NpgsqlDbType.Text });
        foreach (var parameter in others)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }
}
