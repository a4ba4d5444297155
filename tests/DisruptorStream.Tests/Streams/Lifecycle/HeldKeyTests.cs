using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Streams.Lifecycle;

/// <summary>The hash code of a key does not return while its event has a place in the ring.</summary>
public sealed class HeldKeyTests
{
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_HashCodeHoldsAPublisher_EndsAndNamesTheKey(ExecutionMode mode)
    {
        var token = TestContext.Current.CancellationToken;
        using var entered = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var results = new CollectingSink<Slow>();
        await using var stream = StreamProcessorBuilder.For<Slow>().EventTime(_ => 1L).Key("key", key => key)
            .Query("counts", query => query.By<Slow>("key").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")).To(results))
            .WithOptions(Processors.Options(mode) with { ShutdownTimeout = TimeSpan.FromMilliseconds(100) })
            .Build();
        stream.Start();
        var key = new Slow(() =>
        {
            entered.Set();
            goesOn.Wait(Processors.Patience);
        });

        // Keys of several events are looked up inside the claim.
        var publish = Task.Run(() => stream.Publish([key, key]), token);
        Assert.True(entered.Wait(Processors.Patience, token));
        var held = await Assert.ThrowsAsync<EngineHeldException>(() => stream.StopAsync(StopMode.Complete, token));
        Assert.Contains("the hash code or the Equals of a key", held.Message, StringComparison.Ordinal);

        goesOn.Set();
        await publish.WaitAsync(Processors.Patience, token);
        await Processors.StopPatientlyAsync(stream, StopMode.Complete);
        Assert.Equal(2, Assert.Single(results.Results)["count"]);
    }

    private sealed class Slow : IEquatable<Slow>
    {
        private readonly Action _onHash;

        public Slow(Action onHash) => _onHash = onHash;

        public bool Equals(Slow? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => Equals(obj as Slow);

        public override int GetHashCode()
        {
            _onHash();
            return 1;
        }
    }
}
