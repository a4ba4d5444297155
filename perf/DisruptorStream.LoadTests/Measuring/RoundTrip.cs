using System.Diagnostics;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>How long a cache line takes to the other thread and back: cores may be close, or far.</summary>
internal static class RoundTrip
{
    private const int Trips = 200_000;
    private const int TripsOfABlock = 100;

    /// <summary>Where two threads share one processor, each trip waits for the scheduler twice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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
        var times = new List<double>(Trips / TripsOfABlock);
        var next = 0L;
        var start = Stopwatch.GetTimestamp();
        while (next < Trips && Stopwatch.GetElapsedTime(start) < Patience)
        {
            var begin = Stopwatch.GetTimestamp();
            for (var trip = 0; trip < TripsOfABlock; trip++)
            {
                ping.SetRelease(++next);
                while (pong.Value < next)
                {
                }
            }

            times.Add(Stopwatch.GetElapsedTime(begin).TotalNanoseconds / TripsOfABlock);
        }

        // The trips that are left take no time: the echo finds all of them done.
        ping.SetRelease(Trips);
        echo.Join();
        times.Sort();
        return times[times.Count / 2];
    }
}
