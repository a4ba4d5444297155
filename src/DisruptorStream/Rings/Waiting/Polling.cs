using System.Diagnostics;

namespace DisruptorStream.Rings.Waiting;

/// <summary>The two ways of looking again without parking. Times are ticks of <see cref="Stopwatch"/>.</summary>
internal static class Polling
{
    /// <summary>Polls with pauses that double up to <paramref name="longestPause"/> iterations.</summary>
    public static bool Spin(IWaitCondition condition, int longestPause, long until)
    {
        var pause = 1;
        while (true)
        {
            // Each poll takes the cache line away from the thread that is making the progress: the longer nothing
            // comes, the less often it is disturbed.
            Thread.SpinWait(pause);
            if (condition.IsMet)
                return true;

            if (pause < longestPause)
                pause <<= 1;
            else if (until != long.MaxValue && Stopwatch.GetTimestamp() >= until)
                return false;
        }
    }

    /// <summary>Polls and gives the processor away in between.</summary>
    public static bool Yield(IWaitCondition condition, long until)
    {
        do
        {
            Thread.Yield();
            if (condition.IsMet)
                return true;
        }
        while (until == long.MaxValue || Stopwatch.GetTimestamp() < until);

        return false;
    }
}
