using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Pipeline.Executions;

/// <summary>Threads wait for each other at a slot; the last one acts for all; the pipeline's end ends waits.</summary>
public sealed class SlotMeetingTests
{
    private const int Threads = 3;
    private const int Meetings = 200;

    private readonly RingFault _fault = new();

    [Fact]
    public void Attend_ManyMeetings_OneActsWhileAllOthersWait()
    {
        var meeting = new SlotMeeting(Threads, _fault);
        var (inside, acted) = (0, 0);
        Run(Threads, () =>
        {
            for (var at = 0; at < Meetings; at++)
            {
                Interlocked.Increment(ref inside);
                if (meeting.Attend())
                {
                    Assert.Equal(Threads, Volatile.Read(ref inside));
                    acted++;
                    Volatile.Write(ref inside, 0);
                    meeting.Adjourn();
                }

                Assert.True(Volatile.Read(ref acted) > at);
            }
        });

        Assert.Equal(Meetings, acted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attend_PipelineEnds_EndsWithoutTheOthers(bool fails)
    {
        var meeting = new SlotMeeting(Threads, _fault);
        var waiting = Start(() => Assert.False(meeting.Attend()));
        Assert.True(SpinWait.SpinUntil(
            () => (waiting.ThreadState & ThreadState.WaitSleepJoin) != 0, Processors.Patience));

        if (fails)
            _fault.TrySet(new TimeoutException(), "stage", 1);
        else
            _fault.TryStop();

        Assert.True(waiting.Join(Processors.Patience));
    }

    [Fact]
    public void Attend_OneThread_NeverWaits()
    {
        var meeting = new SlotMeeting(1, _fault);
        for (var at = 0; at < 3; at++)
        {
            Assert.True(meeting.Attend());
            meeting.Adjourn();
        }
    }

    internal static void Run(int count, Action act)
    {
        var failure = default(Exception);
        var threads = Enumerable.Range(0, count).Select(_ => Start(() =>
        {
            try
            {
                act();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })).ToArray();
        Assert.All(threads, thread => Assert.True(thread.Join(Processors.Patience)));
        Assert.Null(failure);
    }

    private static Thread Start(Action act)
    {
        var thread = new Thread(() => act()) { IsBackground = true };
        thread.Start();
        return thread;
    }
}
