using DisruptorStream.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

public sealed class PublishStampsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PublishStamps _stamps;

    public PublishStampsTests() => _stamps = new PublishStamps(_time);

    [Fact]
    public void TryFind_SlowClaims_FindsEachOfThem()
    {
        for (var sequence = 0; sequence < 5000; sequence += 5)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _stamps.OnPublish(sequence, sequence + 4);
            if (sequence % 3 == 0)
            {
                Assert.True(_stamps.TryFind(sequence + 2, out var timestamp));
                Assert.Equal(_time.GetTimestamp(), timestamp);
            }
        }

        Assert.False(_stamps.TryFind(5000, out _));
    }

    [Fact]
    public void OnPublish_FastClaims_StampsFewerAndFewer()
    {
        var found = 0;
        for (var sequence = 0; sequence < 1000; sequence++)
        {
            _stamps.OnPublish(sequence, sequence);
            found += _stamps.TryFind(sequence, out _) ? 1 : 0;
        }

        Assert.InRange(found, 8, 12);
    }

    [Fact]
    public void OnControl_AfterFastClaims_IsStampedAndBeginsAnew()
    {
        for (var sequence = 0; sequence < 1000; sequence++)
            _stamps.OnPublish(sequence, sequence);
        _stamps.OnControl(1000);
        _stamps.OnPublish(1000, 1000);
        _stamps.OnPublish(1001, 1001);
        Assert.True(_stamps.TryFind(1000, out _));
        Assert.True(_stamps.TryFind(1001, out _));
    }

    [Fact]
    public void TryFind_MoreStampsThanThereIsRoomFor_FindsTheNewestOnes()
    {
        const int Count = 10_000;
        for (var sequence = 0; sequence < Count; sequence++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _stamps.OnPublish(sequence, sequence);
        }

        Assert.False(_stamps.TryFind(Count - 3000, out _));
        Assert.True(_stamps.TryFind(Count - 2000, out var timestamp));
        Assert.Equal(TimeSpan.FromMilliseconds(1999), _time.GetElapsedTime(timestamp));
        Assert.True(_stamps.TryFind(Count - 1, out _));
    }

    [Fact]
    public async Task TryFind_WhileOthersStamp_GivesOnlyStampsOfTheSequence()
    {
        // The timestamp of a claim is written as its sequence, so that a mixture would show.
        var stamps = new PublishStamps(new CountingTime());
        var done = false;
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var sequence = 0L; sequence < 300_000; sequence++)
                    stamps.OnControl(sequence);
                Volatile.Write(ref done, true);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var found = 0;
        for (var sequence = 0L; sequence < 300_000;)
        {
            if (stamps.TryFind(sequence, out var timestamp))
            {
                Assert.Equal(sequence, timestamp);
                found++;
                sequence += 7;
            }
            else if (Volatile.Read(ref done))
            {
                sequence += 7;
            }
            else
            {
                sequence += found % 2;
            }
        }

        await writer;
        Assert.True(found > 100);
    }

    [Fact]
    public async Task TryFind_NewestClaimWhileItIsStamped_GivesNoFieldOfAnOlderStamp()
    {
        // Each claim is of ten slots and stamped with its first sequence, so that a mixture would show.
        const int ClaimSlots = 10;
        var time = new SetTime();
        var stamps = new PublishStamps(time);
        var newest = 0L;
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var claim = 0L; claim < 10_000_000; claim++)
                {
                    time.Now = claim * ClaimSlots;
                    Volatile.Write(ref newest, claim * ClaimSlots);
                    stamps.OnPublish(claim * ClaimSlots, (claim * ClaimSlots) + ClaimSlots - 1);
                }

                Volatile.Write(ref newest, -1);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var wrong = 0;
        for (var first = 0L; first >= 0; first = Volatile.Read(ref newest))
        {
            if (stamps.TryFind(first + 3, out var timestamp) && timestamp != first)
                wrong++;
        }

        await writer;
        Assert.Equal(0, wrong);
    }

    /// <summary>Its pauses of ten units are short, but long enough that every claim is stamped.</summary>
    private sealed class SetTime : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Now;
    }

    private sealed class CountingTime : TimeProvider
    {
        private long _calls = -1;

        public override long GetTimestamp() => ++_calls;
    }
}
