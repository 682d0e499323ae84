using FhirFacade.Storage.Search.Index;
using FhirFacade.Storage.Search.Plan;
using NpgsqlTypes;

namespace FhirFacade.Storage.Search.Emit;

/// <summary>Positions within a distance: first the belt of latitudes, which has an index, then the way along the great circle.</summary>
internal static class NearSql
{
    private const double MetresPerDegree = 111_195;
    private const double Diameter = 12_742_000;

    public static void Append(SqlStatement sql, Predicate.Near near, RowTable rows)
    {
        var (latitude, longitude) = (sql.Alias(), sql.Alias());
        var (ranges, alias) = (rows.Ranges, rows.Alias);
        var belt = (near.Metres / MetresPerDegree) + 0.001;
        sql.Sql($"exists (select 1 from {ranges} {latitude} join {ranges} {longitude} on {longitude}.rid = {latitude}.rid and {longitude}.param = ").Value(Position.LongitudeParameter)
            .Sql($" where {latitude}.rid = {alias}.rid and {latitude}.param = ").Value(Position.LatitudeParameter)
            .Sql($" and {latitude}.lo between ").Value(near.Latitude - belt, NpgsqlDbType.Double).Sql(" and ").Value(near.Latitude + belt, NpgsqlDbType.Double)
            .Sql($" and {Diameter.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)} * asin(least(1, sqrt(power(sind(({latitude}.lo - ").Value(near.Latitude, NpgsqlDbType.Double)
            .Sql($") / 2), 2) + cosd({latitude}.lo) * cosd(").Value(near.Latitude, NpgsqlDbType.Double)
            .Sql($") * power(sind(({longitude}.lo - ").Value(near.Longitude, NpgsqlDbType.Double).Sql(") / 2), 2)))) <= ").Value(near.Metres, NpgsqlDbType.Double).Sql(")");
    }
}
