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

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
