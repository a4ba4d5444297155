using System.Diagnostics;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>How long a cache line takes to the other thread and back: cores may be close, or far.</summary>
internal static class RoundTrip
{
    private const int Trips = 200_000;

    /// <summary>Above this, in nanoseconds, the cores are far from each other.</summary>
    public const double FarNanoseconds = 250;

    public static double MedianNanoseconds()
    {
        var ping = new Sequence(0);
        var pong = new Sequence(0);
        var echo = new Thread(() =>
        {
            for (var trip = 1L; trip <= Trips; trip++)
            {
                while (ping.Value < trip)
                {
                }

                pong.SetRelease(trip);
            }
        });
        echo.Start();
        var times = new double[Trips / 1000];
        for (var block = 0; block < times.Length; block++)
        {
            var begin = Stopwatch.GetTimestamp();
            for (var trip = 1; trip <= 1000; trip++)
            {
                var next = (block * 1000L) + trip;
                ping.SetRelease(next);
                while (pong.Value < next)
                {
                }
            }

            times[block] = Stopwatch.GetElapsedTime(begin).TotalNanoseconds / 1000;
        }

        echo.Join();
        Array.Sort(times);
        return times[times.Length / 2];
    }
}
