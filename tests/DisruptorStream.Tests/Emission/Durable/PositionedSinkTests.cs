using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;

namespace DisruptorStream.Tests.Emission.Durable;

/// <summary>What all sinks do that keep a position.</summary>
public sealed class PositionedSinkTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("positioned-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>A copy of a processor's directory has the same stream and the same next epoch.</summary>
    [Fact]
    public async Task Write_AnotherOwnerOfTheSameEpochIsAhead_IsRefusedAlsoWhenItIsTriedAgain()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await one.WriteAsync(Results(1, 2), Token);
        await AssertRefusedAsync("held results up to number 0, and now holds 2");

        await one.WriteAsync(Results(3, 2), Token);
        await AssertRefusedAsync("held results up to number 0, and now holds 4");
        await one.WriteAsync(Results(5, 1), Token);
        Assert.Equal(5, one.NumberHeld);

        async Task AssertRefusedAsync(string expected)
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(
                () => other.WriteAsync(Results(1, 2), Token).AsTask());
            Assert.Contains(expected, refused.Message);
            Assert.Contains("another one writes with the same epoch", refused.Message);
        }
    }

    private static List<WindowResult<string>> Results(long first, int count)
    {
        var batch = Rows.Owned(count);
        batch.NumberFrom(first);
        return [.. batch];
    }

    private async Task<FileSink<string>> OpenAsync()
    {
        var sink = new FileSink<string>(Path.Combine(_directory, "out.csv"));
        var owner = new DurableSinkOwner
        {
            ProcessorName = "p",
            QueryName = "calls",
            Epoch = 2,
            StreamId = new string('a', 32),
            PlanFingerprint = "f",
        };
        await sink.OpenAsync(owner, Token);
        await sink.StartAsync(new SinkContext { ProcessorName = "p", Schema = Rows.CountAndSum }, Token);
        return sink;
    }
}
