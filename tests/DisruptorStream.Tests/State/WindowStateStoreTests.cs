using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.Tests.Aggregation;

namespace DisruptorStream.Tests.State;

public sealed class WindowStateStoreTests
{
    private const int Budget = 512;

    [Fact]
    public void FireByCost_PlainNumbers_EveryPaneCountsOnce()
    {
        using var records = new Records(a => a.Count("n").Sum("s"));
        Assert.Equal(Budget, PanesPerTurn(records, values: 100));
    }

    [Theory]
    [InlineData("percentiles of few values", 100, 100, 256)]
    [InlineData("percentiles", 5000, 20, 200)]
    [InlineData("distinct", 5000, 4, 40)]
    [InlineData("top", 5000, 4, 60)]
    public void FireByCost_Sketches_CountForWhatTheyCost(string kind, int values, int atLeast, int atMost)
    {
        using var records = new Records(a => _ = kind switch
        {
            "distinct" => a.Distinct("d"),
            "top" => a.Top("t", 5),
            _ => a.Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99),
        });
        Assert.InRange(PanesPerTurn(records, values), atLeast, atMost);
    }

    [Fact]
    public void FireByCost_NoBudgetGiven_EmitsAll()
    {
        using var records = new Records(a => a.Distinct("d"));
        using var store = new Due(records, records.Of([.. Enumerable.Range(0, 5000).Select(i => (double)i)]));
        store.FireByCost(records.Plan, int.MaxValue);
        Assert.False(store.IsFiring);
    }

    private static int PanesPerTurn(Records records, int values)
    {
        using var store = new Due(records, records.Of([.. Enumerable.Range(0, values).Select(i => 1 + (double)i)]));

        // What was read before is no part of the turn.
        store.Fire(1);
        var before = store.Left;
        store.FireByCost(records.Plan, Budget);
        return before - store.Left;
    }

    /// <summary>One record that is due ten thousand times.</summary>
    private sealed class Due : WindowStateStore
    {
        private readonly Records _records;
        private readonly int _record;

        public Due(Records records, int record)
        {
            _records = records;
            _record = record;
        }

        public int Left { get; private set; } = 10_000;

        public override bool IsFiring => Left > 0;

        public override long FiringSequence => 0;

        public override long BytesReserved => 0;

        public override int BytesPerRecord => 0;

        public override int Fire(int budget)
        {
            for (; budget > 0 && Left > 0; budget--, Left--)
                _records.ReadBits(_record);
            return budget;
        }

        public override void OnEvents(in EventView events, in EventRun run)
        {
        }

        public override void OnWatermark(long sequence, long watermark)
        {
        }

        public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
        {
        }

        public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override bool HoldsKey(int keyId) => false;

        public override void ThrowIfInconsistent()
        {
        }

        public override void Dispose()
        {
        }
    }
}
