using System.Text;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using DisruptorStream.Emission;
using DisruptorStream.Sources;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>What a partition leaves out is in a topic of its own.</summary>
public sealed class DroppedTopicTests : IAsyncDisposable, IDroppedEventSink<string>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly InMemoryLogStore _logs = new();
    private readonly InMemoryCheckpointStore _checkpoints = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        await _checkpoints.DisposeAsync();
    }

    [Fact]
    public async Task Owner_EventsThatAreLateOrBad_AreInTheTopicWithTheirPlace()
    {
        var query = Query();
        await query.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        await AppendAsync(input, """{"Tenant":"acme","Ticks":1000,"Cost":1}""");
        await AppendAsync(
            input,
            """{"Tenant":"acme","Ticks":10,"Cost":0.5}""",
            """{"Tenant":"acme","Ticks":1010,"Cost":2}""",
            """{"Tenant":"late","Ticks":11,"Cost":3}""");
        await AppendAsync(input, "rubbish");
        await AppendAsync(input, """{"Tenant":null,"Ticks":1020,"Cost":4}""", """{"Tenant":"b","Ticks":12,"Cost":5}""");
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { Inputs: [{ Position: 4 }], Failure: null });
        await owner.StopAsync(Token).WaitAsync(Patience, Token);

        var drops = await DropLog.ReadAsync(_logs, Token);
        var epoch = DateTimeOffset.UnixEpoch;
        Drop[] expected =
        [
            new("bills", 0, "calls/0", 2, 0, "Late", null, "acme", 10, epoch.AddTicks(10), 0.5),
            new("bills", 0, "calls/0", 2, 1, "Late", null, "late", 11, epoch.AddTicks(11), 3),
            new("bills", 0, "calls/0", 3, 0, "BadRecord", drops[2].Message),
            new("bills", 0, "calls/0", 4, 0, "BadRecord", drops[3].Message),
            new("bills", 0, "calls/0", 4, 1, "Late", null, "b", 12, epoch.AddTicks(12), 5),
        ];
        Assert.Equal(expected, drops);
        Assert.Contains("Line 1", drops[2].Message, StringComparison.Ordinal);
        Assert.Equal((3, 2), (owner.GetStatus().EventsDropped, owner.GetStatus().BadRecords));
    }

    /// <summary>Owners and standbys that end before they could append it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NextOwner_TheOneBeforeCouldNotAppend_DoesIt(bool standsBy)
    {
        await using var odd = new OddLogStore
        {
            BeforeAppend = (name, _) => name.StartsWith(DropLog.Topic, StringComparison.Ordinal)
                ? throw new IOException("The log was told to fail.")
                : Task.CompletedTask,
        };
        var logs = odd.Inner;
        var before = Query(odd);
        var query = Query(logs);
        await query.CreateTopicsAsync(Token);
        await using var input = await logs.OpenAsync("calls", 0, Token);
        await AppendAsync(input, """{"Tenant":"acme","Ticks":1000,"Cost":1}""");
        await using var owner = before.NewOwner(0);
        await using var next = standsBy ? query.NewStandby(0) : query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { State: PartitionState.Owning, Inputs: [{ Position: 1 }] });
        if (standsBy)
        {
            next.Start();
            await Until(() => next.GetStatus().State == PartitionState.Standby);
        }

        await AppendAsync(input, """{"Tenant":"late","Ticks":10,"Cost":0.5}""");
        await Until(() => owner.GetStatus() is { EventsDropped: 1, Failure: IOException });
        Assert.Empty(await DropLog.ReadAsync(logs, Token));
        if (standsBy)
            await Until(() => next.GetStatus().EventsDropped == 1);
        await owner.DisposeAsync();

        if (standsBy)
            next.TakeOver();
        else
            next.Start();
        await Until(() => next.GetStatus() is { State: PartitionState.Owning, Failure: null });
        await next.StopAsync(Token).WaitAsync(Patience, Token);
        var drop = Assert.Single(await DropLog.ReadAsync(logs, Token));
        Assert.Equal(("late", 2, 0), (drop.Key, drop.Position, drop.Index));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("long")]
    [InlineData("null")]
    [InlineData("throws")]
    public async Task Owner_BadRecordWithAnOddMessage_IsPassedOver(string kind)
    {
        var query = Query(format: new OddFormat(_ => kind switch
        {
            // Half of a character of two.
            "cut" => new FormatException("Cannot read '\ud83d"),
            "long" => new FormatException(new string('\u0001', 300_000)),
            _ => new OddMessageException(kind == "throws"),
        }));
        await query.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        await AppendAsync(input, "bad");
        await AppendAsync(input, """{"Tenant":"acme","Ticks":1000,"Cost":1}""");
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { Inputs: [{ Position: 2 }] } || owner.Completion.IsCompleted);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal((PartitionState.Stopped, 1), (owner.GetStatus().State, owner.GetStatus().BadRecords));
        var drop = Assert.Single(await DropLog.ReadAsync(_logs, Token));
        Assert.Equal(
            kind switch
            {
                "cut" => "Cannot read '\ufffd",
                "long" => new string('\u0001', 500) + "…",
                "null" => "",
                _ => nameof(OddMessageException),
            },
            drop.Message);
    }

    [Fact]
    public async Task Owner_KeyThatIsFarTooLong_IsLeftOutOfTheLine()
    {
        var query = Query();
        await query.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        await AppendAsync(input, """{"Tenant":"acme","Ticks":1000,"Cost":1}""");
        await AppendAsync(
            input,
            $$"""{"Tenant":"{{new string('k', 10_000)}}","Ticks":10,"Cost":2}""",
            """{"Tenant":"acme","Ticks":10,"Cost":3}""");
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { EventsDropped: 2 });
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        var drops = await DropLog.ReadAsync(_logs, Token);
        Assert.Equal(
            [(null, 2.0, 0), ("acme", 3.0, 1)], drops.Select(drop => (drop.Key, drop.Cost!.Value, drop.Index)));
    }

    /// <summary>The next owner has other sizes of records, and its code other messages.</summary>
    [Fact]
    public async Task NextOwner_WithOtherOptionsAndMessages_AppendsWhatIsMissing()
    {
        var appends = 0;
        await using var odd = new OddLogStore
        {
            BeforeAppend = (name, _) => name.StartsWith(DropLog.Topic, StringComparison.Ordinal) && ++appends > 1
                ? throw new IOException("The log was told to fail.")
                : Task.CompletedTask,
        };
        var logs = odd.Inner;
        var first = Query(odd, format: new OddFormat(_ => new FormatException(new string('x', 400))), bytes: 1024);
        await first.CreateTopicsAsync(Token);
        await using var input = await logs.OpenAsync("calls", 0, Token);
        await AppendAsync(input, """{"Tenant":"acme","Ticks":1000,"Cost":1}""");
        await using (var owner = first.NewOwner(0))
        {
            owner.Start();
            await Until(() => owner.GetStatus() is { Inputs: [{ Position: 1 }] });
            for (var record = 0; record < 20; record++)
                await AppendAsync(input, "bad");
            string[] late = [.. Enumerable.Range(0, 80).Select(_ => """{"Tenant":"late","Ticks":10,"Cost":1}""")];
            await AppendAsync(input, late);
            await Until(() => owner.GetStatus() is { BadRecords: > 0, Failure: IOException });
        }

        var other = new OddFormat(_ => new FormatException("x"));
        await using var next = Query(logs, format: other, bytes: 4096).NewOwner(0);
        next.Start();
        await Until(() => next.GetStatus() is { EventsDropped: 80, Failure: null });
        await next.StopAsync(Token).WaitAsync(Patience, Token);
        var drops = await DropLog.ReadAsync(logs, Token);
        Assert.Equal(100, drops.Count);
        Assert.Equal(100, drops.DistinctBy(drop => (drop.Position, drop.Index)).Count());
    }

    [Fact]
    public void Query_TopicOrSinkThatCannotBe_IsRefused()
    {
        foreach (var topic in (string[])["calls", "bills"])
        {
            Assert.Throws<ArgumentException>(() => new PartitionedQuery<Call, string>(
                Queries.Bills, Queries.Options(_logs) with { DroppedTopic = topic }));
        }

        Assert.Throws<ArgumentException>(() => Queries.Options(_logs) with { DroppedTopic = "a.b" });
        var refused = Assert.Throws<ArgumentException>(() => new PartitionedQuery<Call, string>(
            Queries.Bills.DroppedEventsTo(this), Queries.Options(_logs)));
        Assert.Contains("DroppedTopic", refused.Message, StringComparison.Ordinal);
        foreach (var name in (string[])["key", "Time", "reason"])
        {
            var named = StreamProcessorBuilder.For<Call>()
                .KeyBy(call => call.Tenant)
                .EventTime(call => call.Ticks)
                .Measure(name, call => call.Cost)
                .TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("calls"));
            var clash = Assert.Throws<ArgumentException>(() => new PartitionedQuery<Call, string>(
                named, Queries.Options(_logs) with { DroppedTopic = DropLog.Topic }));
            Assert.Contains($"'{name}'", clash.Message, StringComparison.Ordinal);
            _ = new PartitionedQuery<Call, string>(named, Queries.Options(_logs));
        }
    }

    [Fact]
    public async Task Owner_TopicIsNotThere_WaitsForIt()
    {
        await Queries.Partitioned(_logs).CreateTopicsAsync(Token);
        var query = Query();
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().Failure is InvalidOperationException missing
            && missing.Message.Contains(DropLog.Topic, StringComparison.Ordinal));
        await query.CreateTopicsAsync(Token);
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
    }

    void IDroppedEventSink<string>.OnDropped(in DroppedEvent<string> dropped)
    {
        // Never called.
    }

    private static async Task AppendAsync(IPartitionLog log, params string[] lines)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        await log.AppendAsync(new LogRecord(body, []), $"{Guid.NewGuid()}", Token);
    }

    private PartitionedQuery<Call, string> Query(
        IPartitionLogStore? logs = null, IEventFormat<Call>? format = null, int bytes = 2048) => new(
        Queries.Bills,
        Queries.Options(logs ?? _logs, _checkpoints) with
        {
            DroppedTopic = DropLog.Topic,
            OnBadRecord = BadRecordPolicy.Skip,
            Format = format ?? new JsonLineFormat<Call>(CallContext.Default.Call),
            MaxRecordBytes = bytes,
        });
}
