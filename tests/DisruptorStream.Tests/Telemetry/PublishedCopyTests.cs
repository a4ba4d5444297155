using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Telemetry;

public sealed class PublishedCopyTests
{
    [Fact]
    public void Read_BeforePublish_ShowsWhatWasPublishedLast()
    {
        var copy = new PublishedCopy<Pair>();
        copy.Live = new Pair { First = 1, Second = 2 };
        Assert.Equal(0, copy.Read().First);
        copy.Publish();
        copy.Live.First = 5;
        Assert.Equal((1, 2), (copy.Read().First, copy.Read().Second));
    }

    [Fact]
    public async Task Read_WhileTheWriterPublishes_IsOfOneInstantAndNeverGoesBack()
    {
        const int Rounds = 2_000_000;
        var copy = new PublishedCopy<Pair>();
        var writer = Task.Factory.StartNew(
            () =>
            {
                for (var round = 1; round <= Rounds; round++)
                {
                    copy.Live.First = round;
                    copy.Live.Between[0] = round;
                    copy.Live.Second = -round;
                    copy.Publish();
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var last = 0L;
        while (last < Rounds)
        {
            var seen = copy.Read();
            Assert.Equal(seen.First, -seen.Second);
            Assert.True(seen.First >= last);
            last = seen.First;
        }

        await writer;
    }

    private struct Pair
    {
        public long First;
        public Padding Between;
        public long Second;
    }
}
