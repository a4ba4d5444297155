using CsCheck;
using DisruptorStream.State.Sessions.Timing;

namespace DisruptorStream.Tests.State.Sessions.Timing;

public sealed class DueWheelTests
{
    private const long GapTicks = 1 << 22;

    /// <summary>
    /// Whatever is filed, brought forward and forgotten, and however far the time leaps: what is due is looked at, and
    /// at most once.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(GapTicks * 100)]
    [InlineData(long.MaxValue)]
    public void Take_RandomCalls_LooksAtAllThatIsDue(long latenessTicks) =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Gen.Long[1, 12]).Array[0, 300].Sample(calls =>
        {
            using var wheel = new DueWheel(GapTicks, latenessTicks);
            var one = new int[1];
            var due = new Dictionary<int, long>();
            var now = -GapTicks * 5;
            foreach (var (act, session, distance) in calls)
            {
                if (act == 0)
                {
                    wheel.Remove(session);
                    due.Remove(session);
                }
                else if (act < 4)
                {
                    // From within a bucket to far behind the wheel's reach.
                    var then = now + (1L << (int)(distance * 2)) + session;
                    wheel.File(session, then);
                    due[session] = due.TryGetValue(session, out var filed) ? Math.Min(filed, then) : then;
                }
                else
                {
                    now += 1L << (int)(distance * (act - 2));
                    List<int> expected = [.. due.Where(pair => pair.Value <= now).Select(pair => pair.Key).Order()];
                    Assert.Equal(expected, TakeDue(now));
                }

                Assert.All(due.Values, then => Assert.True(wheel.NextDueTicks <= then));
            }

            // A session that is taken and not due yet has to be filed again.
            List<int> TakeDue(long watermark)
            {
                var taken = new List<int>();
                while (wheel.Take(watermark, one) > 0)
                {
                    var session = one[0];
                    if (due[session] > watermark)
                        wheel.File(session, due[session]);
                    else if (due.Remove(session))
                        taken.Add(session);
                }

                Assert.True(wheel.NextDueTicks > watermark);
                return [.. taken.Order()];
            }
        });

    [Fact]
    public void Take_SessionNotDueYet_LooksAtItAgainInItsOwnTime()
    {
        using var wheel = new DueWheel(GapTicks, 0);
        wheel.File(7, GapTicks);
        var taken = new int[4];
        var looks = 0;
        for (long now = 0; now <= GapTicks * 4; now += GapTicks / 4096)
        {
            while (wheel.NextDueTicks <= now && wheel.Take(now, taken) > 0)
            {
                looks++;
                Assert.Equal(7, taken[0]);
                if (now < GapTicks * 3)
                    wheel.File(7, GapTicks * 3);
            }
        }

        Assert.Equal(2, looks);
        Assert.Equal(long.MaxValue, wheel.NextDueTicks);
    }
}
