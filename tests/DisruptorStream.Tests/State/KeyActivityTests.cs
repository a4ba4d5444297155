using CsCheck;
using DisruptorStream.Saving;
using DisruptorStream.State;

namespace DisruptorStream.Tests.State;

public sealed class KeyActivityTests
{
    /// <summary>A firing that comes to its end after later ticks gives up keys as of its own slot.</summary>
    [Fact]
    public void Touch_FiringOlderThanTheClock_CountsAsOfItsSlot()
    {
        var activity = new KeyActivity();
        activity.OnClock(5, 100);
        activity.OnClock(12, 200, firingSequence: 10);
        activity.OnClock(20, 300, firingSequence: 10);
        activity.Touch(1, sequence: 10);
        activity.Touch(2, sequence: 12);
        activity.Touch(3, sequence: 25);
        activity.Touch(4);
        activity.OnClock(30, 400, firingSequence: 15);
        activity.Touch(5, sequence: 15);
        activity.OnClock(40, 500);
        Assert.Equal(
            [100, 200, 300, 300, 200, 500], Enumerable.Range(1, 6).Select(activity.LastActive).ToArray());
    }

    [Fact]
    public void Touch_FiringBeforeTheFirstTick_CountsAsNoClock()
    {
        var activity = new KeyActivity();
        activity.OnClock(12, 200, firingSequence: 10);
        activity.Touch(1, sequence: 10);
        activity.Touch(2, sequence: 13);
        Assert.Equal(200, activity.LastActive(2));
        Assert.Equal(200, Load(Save([activity]), 1)[0].LastActive(2));
    }

    [Fact]
    public void Load_AnyShards_KnowsWhatWasKnown() =>
        Gen.Select(Gen.Select(Gen.Int[0, 300], Gen.Long[0, 1000]).Array[0, 60], Gen.Int[0, 3], Gen.Int[0, 3]).Sample(
            (touches, before, after) =>
            {
                var shards = Enumerable.Range(0, 1 << before).Select(_ => new KeyActivity()).ToArray();
                var (sequence, clock) = (0L, -500L);
                foreach (var (key, step) in touches)
                {
                    clock += step;
                    foreach (var shard in shards)
                        shard.OnClock(sequence, clock);
                    shards[key & (shards.Length - 1)].Touch(key, sequence++);
                }

                var state = Save(shards);
                var loaded = Load(state, 1 << after);
                Assert.Equal(state, Save(loaded));
                foreach (var (key, _) in touches)
                {
                    Assert.Equal(
                        shards[key & (shards.Length - 1)].LastActive(key),
                        loaded[key & (loaded.Length - 1)].LastActive(key));
                }
            },
            iter: 100,
            threads: 1);

    private static byte[] Save(KeyActivity[] shards)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        KeyActivity.Save(writer, shards);
        return stream.ToArray();
    }

    private static KeyActivity[] Load(byte[] state, int count)
    {
        var shards = Enumerable.Range(0, count).Select(_ => new KeyActivity()).ToArray();
        using var reader = new StateReader(new MemoryStream(state)) { KeyRange = 301 };
        KeyActivity.Load(reader, shards);
        return shards;
    }
}
