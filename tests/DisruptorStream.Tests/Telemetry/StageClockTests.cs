using DisruptorStream.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

public sealed class StageClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Read_WorkAndWaits_CountsWorkAlone()
    {
        var clock = new StageClock("worker", _time);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), clock.Read());
        clock.Start();
        Pass(3);
        clock.BeginWait();
        Pass(5);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(8)), clock.Read());
        clock.EndWait();
        Pass(2);
        clock.Stop();
        Pass(100);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)), clock.Read());
    }

    [Fact]
    public void Utilization_OverTime_IsOfTheTimeSinceTheLastReading()
    {
        var clock = new StageClock("worker", _time);
        clock.Start();
        Pass(10);
        Assert.Equal(1, clock.Utilization());
        clock.BeginWait();
        Pass(3);
        clock.EndWait();
        Pass(1);
        Assert.Equal(0.25, clock.Utilization());
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(0.25, clock.Utilization());
    }

    [Fact]
    public void Read_WaitEndsAfterTheLookAtTheClock_DoesNotGoBack()
    {
        var time = new SteppedTime();
        var clock = new StageClock("worker", time);
        clock.Start();
        time.Now = 10;
        var busy = clock.Read().Busy;
        clock.BeginWait();
        time.AfterLook = () =>
        {
            time.Now = 20;
            clock.EndWait();
        };
        Assert.Equal(busy, clock.Read().Busy);
        time.Now = 25;
        Assert.Equal(TimeSpan.FromTicks(15), clock.Read().Busy);
    }

    [Fact]
    public async Task Read_WhileTheThreadWaitsAndWorks_NeverGoesBack()
    {
        var clock = new StageClock("worker", new FineTime());
        var done = false;
        clock.Start();
        var worker = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref done))
                {
                    clock.BeginWait();
                    clock.EndWait();
                }

                clock.Stop();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var (busy, elapsed, back) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var read = 0; read < 1_000_000; read++)
        {
            var next = clock.Read();
            back += next.Busy < busy || next.Elapsed < elapsed || next.Busy > next.Elapsed ? 1 : 0;
            (busy, elapsed) = next;
        }

        Volatile.Write(ref done, true);
        await worker;
        Assert.Equal(0, back);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>The time of day in units so fine that a step back of any size shows.</summary>
    private sealed class FineTime : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }

    /// <summary>Stands until it is set; once, something happens right after somebody has looked at it.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        public long Now { get; set; }

        public Action? AfterLook { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            var now = Now;
            var action = AfterLook;
            AfterLook = null;
            action?.Invoke();
            return now;
        }
    }
}
