using System.Buffers.Binary;
using DisruptorStream.Building.Streams;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Saving;
using DisruptorStream.Tests.State.Saving;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Topology;

/// <summary>
/// States with wrong values under right checksums are refused where they would lead outside of the keys, or of time.
/// </summary>
public sealed class WrongStatesTests
{
    // Behind the held events of the only source: those of sources that have left, of which there are none.
    private const int NothingLeftBytes = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-2)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue - 70_000)]
    public async Task Load_ASequenceThatNoSlotHas_IsRefused(long sequence)
    {
        var state = await SavedAsync();
        BinaryPrimitives.WriteInt64LittleEndian(state.AsSpan(32), sequence);
        Checksums.Mend(state);

        var refused = Assert.Throws<StateException>(() => Calls().Load(new MemoryStream(state)));

        Assert.Contains($"sequence {sequence}", refused.Message);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue + 1)]
    public async Task Load_AClockThatIsNoDate_IsRefused(long clock)
    {
        var state = await SavedAsync();
        const int TimeOfDay = StateFormat.ChunkHeaderBytes + (2 * sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(
            state.AsSpan(StartOf(state, SectionTag.Assignment) + TimeOfDay), clock);
        Checksums.Mend(state);

        var refused = Assert.Throws<StateException>(() => Calls().Load(new MemoryStream(state)));

        Assert.Contains($"{clock} ticks", refused.Message);
    }

    /// <summary>The key of an event that the jump guard holds is in its slot.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(127)]
    public async Task Load_AHeldEventOfNoKey_IsRefused(byte keyId)
    {
        var state = await SavedAsync();
        const int Words = 2 * sizeof(long);
        state[EndOf(state, SectionTag.JumpGuard) - NothingLeftBytes - Words - 1] = keyId;
        Checksums.Mend(state);

        var refused = Assert.Throws<StateException>(() => Calls().Load(new MemoryStream(state)));

        Assert.Contains("a key is", refused.Message);
    }

    /// <summary>Further keys of a held event lie in the words beside its slot.</summary>
    [Theory]
    [InlineData(2, 7)]
    [InlineData(2, int.MaxValue)]
    [InlineData(2, -1)]
    [InlineData(3, 7)]
    [InlineData(3, int.MinValue)]
    public async Task Load_AHeldEventOfNoFurtherKey_IsRefused(int column, int keyId)
    {
        var state = await SavedAsync();
        var word = EndOf(state, SectionTag.JumpGuard) - NothingLeftBytes - (2 * sizeof(long));
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(word + ((column - 2) * sizeof(int))), keyId);
        Checksums.Mend(state);

        var refused = Assert.Throws<StateException>(() => Calls().Load(new MemoryStream(state)));

        Assert.Contains($"the id {keyId}", refused.Message);
    }

    /// <summary>A combination names its parts by their ids, of which there were tables up to the highest.</summary>
    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(4, 1)]
    [InlineData(4, -1)]
    [InlineData(8, 1)]
    [InlineData(12, -1)]
    public async Task Load_ACombinationOfNoKeys_IsRefused(int at, int partId)
    {
        var state = await SavedAsync();
        var ids = IndexOfCombination(state);
        BinaryPrimitives.WriteInt32LittleEndian(state.AsSpan(ids + at), partId);
        Checksums.Mend(state);

        Assert.Throws<StateException>(() => Calls().Load(new MemoryStream(state)));
    }

    /// <summary>What is held is told before anything comes.</summary>
    [Fact]
    public async Task Load_NothingIsWrong_TellsWhatIsHeld()
    {
        var state = await SavedAsync();
        Checksums.Mend(state);

        await using var loaded = Calls().Load(new MemoryStream(state));

        Assert.Equal(1, loaded.GetStats().EventsHeld);
        Assert.Equal(NoResultReason.HeldByJumpGuard, loaded.WhyNoResult().Queries["tenants"].Reason);
    }

    /// <summary>The last record of the last name of keys: its 16 bytes are the ids of the parts.</summary>
    private static int IndexOfCombination(byte[] state)
    {
        // The combination (0, 0) is 16 bytes of zero; what comes before it is short.
        Span<byte> zeros = stackalloc byte[16];
        var from = StateFormat.FileHeaderBytes + StateFormat.HashBytes + StateFormat.ChunkHeaderBytes;
        var end = EndOf(state, SectionTag.Ledger);
        var at = state.AsSpan(from, end - from).LastIndexOf(zeros);
        Assert.True(at >= 0);
        return from + at;
    }

    private static int StartOf(byte[] state, SectionTag tag)
    {
        var at = StateFormat.FileHeaderBytes + StateFormat.HashBytes;
        while (BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at)) != (int)tag)
            at = EndAt(state, at) + StateFormat.HashBytes;
        return at;
    }

    private static int EndOf(byte[] state, SectionTag tag) => EndAt(state, StartOf(state, tag));

    private static int EndAt(byte[] state, int start) =>
        start + StateFormat.ChunkHeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(start + 12));

    private static async Task<byte[]> SavedAsync()
    {
        await using var calls = Calls().Build();
        calls.Publish(new Call(1_000, "m", "t", 1));
        using var state = new MemoryStream();
        await calls.SaveStateAsync(state, Token);
        return state.ToArray();
    }

    private static StreamStep<Call> Calls() => StreamProcessorBuilder.For<Call>()
        .EventTime(call => call.Time)
        .Measure("cost", call => call.Cost)
        .Key("model", call => call.Model)
        .Key("tenant", call => call.Tenant)
        .Query("pairs", query => query.Where(call => call.Cost > 0).By("model", "tenant")
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
        .Query("tenants", query => query.By("tenant")
            .TumblingWindows(TimeSpan.FromTicks(10)).Aggregate(a => a.Sum("cost")))
        .Watermarks(new WatermarkOptions
        {
            JumpGuard = new JumpGuardOptions(TimeSpan.FromTicks(100)) { Key = "tenant" },
        })
        .WithOptions(Processors.Options(ExecutionMode.Inline))
        .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch));

    private readonly record struct Call(long Time, string Model, string Tenant, double Cost);
}
