using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Tests.Saving;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>
/// What is saved and loaded goes on as if nothing had been, whatever the batches and the number of shards.
/// </summary>
/// <remarks>
/// States are cut and changed at all of their first bytes, and behind them at places as far apart as the variable
/// DISRUPTORSTREAM_DAMAGE_STRIDE says; 1 is all of them.
/// </remarks>
public sealed class StoreSavingTests
{
    private const int MostSlots = 160;
    private const int HeadBytes = 64;
    private const int UsualStride = 7;

    private static readonly int Stride = DamageStride.Or(UsualStride);

    private static readonly Gen<int> ShardCount = Gen.OneOf(Gen.Const(1), Gen.Const(1), Gen.Const(2), Gen.Const(4));
    private static readonly Gen<(int Shards, int Batch, int Budget)> Run =
        Gen.Select(ShardCount, Gen.Int[1, 40], Gen.Int[1, 30]);

    /// <summary>How many windows of a key there may be: few are evicted, or refused, at once.</summary>
    private static readonly Gen<int> WindowLimit = Gen.OneOf(Gen.Const(1000), Gen.Int[1, 12]);

    public static TheoryData<string> Setups => [.. EngineSetups.All.Select(setup => setup.Name)];

    [Theory]
    [MemberData(nameof(Setups))]
    public void Load_AnyHistory_GoesOnAsIfNothingHadBeen(string name)
    {
        var named = EngineSetups.Named(name);
        Gen.Select(SlotHistory.Any(MostSlots), Gen.Double[0, 1], Run, Run, WindowLimit).Sample(
            (slots, share, before, after, limit) =>
            {
                var setup = Limited(named, limit);
                var middle = (int)(share * slots.Length);
                slots = [.. slots, new EventSlot { Kind = SlotKind.EndOfInput }];
                using var first = new SavedEngine(setup, before.Shards);
                first.Handle(slots, 0, middle, before.Batch, before.Budget);
                first.TakeRows();
                var state = first.Save();
                using var second = new SavedEngine(setup, after.Shards);
                second.Load(state);
                Assert.Equal(first.Counts, second.Counts);
                Assert.Equal(state, second.Save());

                first.Handle(slots, middle, slots.Length - 1, before.Batch, before.Budget);
                second.Handle(slots, middle, slots.Length - 1, after.Batch, after.Budget);
                Assert.Equal(first.TakeRows(), second.TakeRows());
                Assert.Equal(first.Counts, second.Counts);
                Assert.Equal(first.Save(), second.Save());

                first.Handle(slots, slots.Length - 1, slots.Length, 1, 1);
                second.Handle(slots, slots.Length - 1, slots.Length, 1, 1);
                Assert.Equal(first.TakeRows(), second.TakeRows());
                Assert.Equal(first.Save(), second.Save());
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void Save_AnyBatchesAndShards_SameBytes(string name)
    {
        var named = EngineSetups.Named(name);
        Gen.Select(SlotHistory.Any(MostSlots), Run, Run, WindowLimit).Sample(
            (slots, one, other, limit) =>
            {
                var setup = Limited(named, limit);
                using var first = new SavedEngine(setup, one.Shards);
                using var second = new SavedEngine(setup, other.Shards);
                first.Handle(slots, 0, slots.Length, one.Batch, one.Budget);
                second.Handle(slots, 0, slots.Length, other.Batch, other.Budget);
                Assert.Equal(first.TakeRows(), second.TakeRows());
                Assert.Equal(first.Counts, second.Counts);
                Assert.Equal(first.Save(), second.Save());
            },
            iter: 60,
            threads: 1);
    }

    /// <summary>What other columns made of the events behind the failing one means nothing.</summary>
    [Theory]
    [InlineData("retracting")]
    [InlineData("sessions, retracting")]
    [InlineData("sliding, late panes")]
    public void Save_RecordThatFailed_SameBytesWhateverTheBatch(string name)
    {
        var setup = EngineSetups.Named(name) with { Early = null };
        var slots = Enumerable.Range(0, 9).Select(index => new EventSlot
        {
            TimestampTicks = 10,
            KeyId = 2,
            Measure = BitConverter.DoubleToInt64Bits(index),
        }).ToArray();

        Assert.Equal(Saved(setup, slots, 1, batch: 1, 5), Saved(setup, slots, 1, batch: 9, 5));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void Load_EveryTruncation_IsRefused(string name)
    {
        var setup = EngineSetups.Named(name);
        var state = SmallState(setup);
        for (var length = 0; length < state.Length; length = Next(length))
        {
            using var engine = new SavedEngine(setup, 1);
            Assert.ThrowsAny<StateException>(() => engine.Load(state[..length]));
        }
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public void Load_EveryFlippedByte_IsRefused(string name)
    {
        var setup = EngineSetups.Named(name);
        var state = SmallState(setup);
        for (var at = 0; at < state.Length; at = Next(at))
        {
            var flipped = (byte[])state.Clone();
            flipped[at] ^= (byte)(1 << (at % 8));
            using var engine = new SavedEngine(setup, 1);
            Assert.ThrowsAny<StateException>(() => engine.Load(flipped));
        }
    }

    /// <summary>Somebody wrote wrong values and the right checksums.</summary>
    [Theory]
    [MemberData(nameof(Setups))]
    public void Load_WrongValuesUnderRightChecksums_AreRefusedOrHarmless(string name)
    {
        var setup = EngineSetups.Named(name);
        var state = SmallState(setup);
        EventSlot[] rest =
        [
            .. Enumerable.Range(0, 40).Select(index => new EventSlot
            {
                TimestampTicks = index - 10, KeyId = index % 5, Measure = BitConverter.DoubleToInt64Bits(index),
            }),
            new EventSlot { Kind = SlotKind.Tick, TimestampTicks = 2000, Measure = 2000 },
            new EventSlot { Kind = SlotKind.EndOfInput },
        ];
        Gen.Select(Gen.Int[0, state.Length - 1], Gen.Byte, Gen.Bool).Array[1, 3].Sample(
            changes =>
            {
                var changed = (byte[])state.Clone();
                foreach (var (at, value, isFlip) in changes)
                    changed[at] = isFlip ? (byte)(changed[at] ^ (1 << (value % 8))) : value;
                Checksums.Mend(changed);
                using var engine = new SavedEngine(setup, 2, isForged: true);
                var isLoaded = false;
                try
                {
                    engine.Load(changed);
                    isLoaded = true;
                }
                catch (StateException)
                {
                }

                if (isLoaded)
                    engine.Handle(rest, 0, rest.Length, 7, 5);
            },
            iter: 3000,
            threads: 1);
    }

    private static EngineSetup Limited(EngineSetup setup, int limit) => setup with
    {
        MaxWindowsPerKey = Math.Min(limit, setup.MaxWindowsPerKey),
        Overflow = limit % 2 == 0 ? WindowOverflowPolicy.EvictOldest : WindowOverflowPolicy.RejectEvent,
    };

    private static byte[] SmallState(EngineSetup setup) =>
        Saved(setup, SlotHistory.Of(seed: 3, count: 60, keys: 4), 1, 7, 5);

    private static int Next(int place) => place + (place < HeadBytes ? 1 : Stride);

    private static byte[] Saved(EngineSetup setup, EventSlot[] slots, int shards, int batch, int budget)
    {
        using var engine = new SavedEngine(setup, shards);
        engine.Handle(slots, 0, slots.Length, batch, budget);
        return engine.Save();
    }
}
