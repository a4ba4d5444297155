using DisruptorStream.Durability;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Durability;

public sealed class EarlySyncTests : IDisposable
{
    private const int MostEvents = 20_000_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("early-sync-").FullName;

    /// <summary>Much is made durable before its time: nobody else syncs here within a day.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public async Task Publish_MuchIsWritten_IsSyncedBeforeTheInterval(ExecutionMode mode)
    {
        var options = new DurabilityOptions { Mode = DurabilityMode.Async, SyncInterval = TimeSpan.FromDays(1) };
        await using var processor = Processors.Tumbling(1_000)
            .Counting(mode)
            .DurableIn(new DurableSettings(_directory, options))
            .Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();
        using var publisher = processor.CreatePublisher("one");
        var random = new Random(1);
        var at = 0;
        for (; at < MostEvents && processor.Durability!.GetStats().DurableSequence < 1_000_000; at += 100)
        {
            for (var more = 0; more < 100; more++)
                publisher.Publish("a", 0, random.NextDouble());
        }

        Assert.True(at < MostEvents);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
