using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Audit;

/// <summary>The files in which events wait: what a process leaves is read by the next one, and what is damaged is told.</summary>
public sealed class AuditSpoolTests : IDisposable
{
    private const int Segment = 8 * 1024;
    private readonly string directory = Directory.CreateTempSubdirectory("fhirfacade-spool-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    internal static AuditRecord Record(int n) => new(
        AuditRecord.Microseconds(DateTimeOffset.UnixEpoch.AddSeconds(n)), "R", "read", 200, "süd", "c", "127.0.0.1", "TREAT", $"request-{n}", $"Patient/{n}", [$"Patient/{n}/_history/1"], [$"p-{n}"]);

    private static IEnumerable<string> Correlations(IEnumerable<ReadOnlyMemory<byte>> events) => events.Select(payload => AuditCodec.Read(payload.Span, new Dictionary<long, string>(), null).Correlation);

    private static IEnumerable<string> Requests(int from, int to) => Enumerable.Range(from, to - from).Select(n => $"request-{n}");

    private List<string> Read() =>
        [.. Directory.EnumerateFiles(directory).OrderBy(AuditLeft.Begun).SelectMany(file => Correlations(AuditLeft.Open(file).Next(int.MaxValue)))];

    // As if the process had ended there and then.
    private void Leave(int events, Action<AuditSpool>? before = null)
    {
        var spool = new AuditSpool(directory, Segment, 100);
        for (var n = 0; n < events; n++)
        {
            spool.Append(Record(n));
        }
        before?.Invoke(spool);
        spool.Dispose();
    }

    [Fact]
    public void An_event_is_read_as_it_was_written()
    {
        var record = Record(3) with { PatientKeys = [5, 1L << 40], Status = 503, Action = "D", IsEmergency = true };
        var read = AuditCodec.Read(AuditSpool.Encode(record), new Dictionary<long, string> { [5] = "five", [1L << 40] = "large" }, (7, 9));
        Assert.Equal(["five", "large", "p-3"], read.Patients);
        Assert.Equal(record.Entities, read.Entities);
        Assert.Equal(record with { Patients = read.Patients, Entities = read.Entities, PatientKeys = read.PatientKeys, Place = (7, 9) }, read);
    }

    [Fact]
    public void What_was_appended_is_left_in_its_order_over_many_files()
    {
        Leave(500);
        Assert.True(Directory.GetFiles(directory).Length > 3);
        Assert.Equal(Requests(0, 500), Read());
    }

    [Fact]
    public void What_stands_in_the_trail_is_not_read_again()
    {
        Leave(500, spool =>
        {
            for (var taken = 0; taken < 200;)
            {
                var events = spool.Take();
                events.RemoveRange(Math.Min(events.Count, 30), Math.Max(0, events.Count - 30));
                spool.Forget(events);
                taken += events.Count;
            }
        });
        var left = Read();
        Assert.Equal(Requests(500 - left.Count, 500), left);
        Assert.InRange(left.Count, 270, 300);
    }

    [Fact]
    public void A_file_is_used_again_and_nothing_of_before_is_read()
    {
        Leave(0, spool =>
        {
            for (var n = 0; n < 40; n++)
            {
                spool.Append(Record(n));
            }
            spool.Forget(spool.Take());
            spool.Append(Record(40));
        });
        Assert.Equal(["request-40"], Read());
    }

    [Fact]
    public void An_event_larger_than_a_file_has_one_of_its_own()
    {
        Leave(3, spool =>
        {
            spool.Append(Record(3) with { Entities = [.. Enumerable.Range(0, 2000).Select(n => $"Observation/{n}/_history/1")] });
            spool.Append(Record(4));
        });
        Assert.Equal(Requests(0, 5), Read());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(3000)]
    public void Where_a_file_is_damaged_the_other_events_are_read_and_the_loss_is_told(int at)
    {
        Leave(30);
        var file = Assert.Single(Directory.GetFiles(directory));
        var bytes = File.ReadAllBytes(file);
        Array.Fill(bytes, (byte)0xA5, at, 3);
        File.WriteAllBytes(file, bytes);

        var left = AuditLeft.Open(file);

        Assert.Equal(1, left.Lost);
        Assert.Equal(29, left.Count);
        var read = Correlations(left.Next(100).SkipLast(1)).ToList();
        Assert.Equal(29, read.Count);
        Assert.Subset(Requests(0, 30).ToHashSet(), read.ToHashSet());
        var told = AuditCodec.Read(left.Next(100)[^1].Span, new Dictionary<long, string>(), null);
        Assert.Equal((AuditKinds.Trail, AuditKinds.LostInSpool + "1"), (told.Kind, told.Target));
    }

    [Fact]
    public void Where_the_head_of_a_file_is_damaged_its_events_are_read()
    {
        Leave(30);
        var file = Assert.Single(Directory.GetFiles(directory));
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(0, AuditSegment.Head).Fill(0xFF);
        File.WriteAllBytes(file, bytes);
        Assert.Equal((30, -1L), (AuditLeft.Open(file).Count, AuditLeft.Open(file).Lost));
    }

    [Fact]
    public void Nobody_reads_the_file_of_a_process_that_runs()
    {
        using var spool = new AuditSpool(directory, Segment, 100);
        spool.Append(Record(1));
        Assert.True(AuditLeft.Open(Assert.Single(Directory.GetFiles(directory))).IsInUse);
    }

    [Fact]
    public void A_spool_that_may_not_grow_any_more_takes_no_event()
    {
        using var spool = new AuditSpool(directory, Segment, 2);
        Assert.Throws<AuditUnavailableException>(() =>
        {
            for (var n = 0; n < 1000; n++)
            {
                spool.Append(Record(n));
            }
        });
        while (spool.Take() is { Count: > 0 } events)
        {
            spool.Forget(events);
        }
        spool.Append(Record(1));
    }

    [Fact]
    public async Task Of_a_damaged_file_the_trail_tells_and_the_rest_stands_in_it()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        Leave(30);
        var file = Assert.Single(Directory.GetFiles(directory));
        await using (var stream = new FileStream(file, FileMode.Open))
        {
            stream.Position = 500;
            stream.Write([1, 2, 3]);
        }
        Assert.Equal((Path.GetFileName(file), 1L), Assert.Single(AuditVerification.CheckSpool(directory).Damaged));
        var told = new List<(string, long)>();

        await using (var writer = new AuditWriter(database.DataSource, directory) { OnDamage = (name, lost) => told.Add((name, lost)) })
        {
            await writer.FlushAsync();
        }

        Assert.Equal([(file, 1L)], told);
        Assert.Equal([file + ".damaged"], Directory.GetFiles(directory));
        var found = await new AuditReader(database.DataSource).FindAsync(new AuditQuery { Kind = "read" }, TestContext.Current.CancellationToken);
        Assert.Equal(29, found.Count);
        Assert.Contains("events that are lost: 1", Assert.Single((await new AuditVerification(database.DataSource).CheckAsync(TestContext.Current.CancellationToken)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_an_earlier_version_are_taken_over()
    {
        await using var database = await TestCluster.NewDatabaseAsync();
        await File.WriteAllLinesAsync(Path.Combine(directory, "0.audit"), [.. Enumerable.Range(0, 3).Select(n => System.Text.Json.JsonSerializer.Serialize(Record(n))), "{\"cut\":"], TestContext.Current.CancellationToken);
        await using (var writer = new AuditWriter(database.DataSource, directory))
        {
            await writer.FlushAsync();
        }
        Assert.Empty(Directory.GetFiles(directory));
        Assert.Equal(["request-1"], (await new AuditReader(database.DataSource).FindAsync(new AuditQuery { Patient = "p-1" }, TestContext.Current.CancellationToken)).Select(record => record.Correlation));
    }
}
