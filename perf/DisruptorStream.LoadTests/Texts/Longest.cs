using System.Diagnostics;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>Times each of many calls, and keeps the longest.</summary>
internal static class Longest
{
    public static TimeSpan Of(TextCall[] calls, Action<TextCall> publish)
    {
        long longest = 0;
        foreach (var call in calls)
        {
            var began = Stopwatch.GetTimestamp();
            publish(call);
            longest = Math.Max(longest, Stopwatch.GetTimestamp() - began);
        }

        return Stopwatch.GetElapsedTime(0, longest);
    }
}
