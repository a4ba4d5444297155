namespace DisruptorStream.Cli.Tests.Jobs;

/// <summary>
/// What a job must count for inputs of times in seconds, from the specification alone: the oldest head is next, an
/// input that has ended holds nothing back, and an event is late when its tumbling window has ended.
/// </summary>
internal static class MergedReplay
{
    /// <summary>How many events are late for windows of a number of seconds.</summary>
    public static int CountLate(IReadOnlyList<IReadOnlyList<int>> inputs, int windowSeconds, int disorderSeconds)
    {
        var next = new int[inputs.Count];
        var newest = new long?[inputs.Count];
        var watermark = long.MinValue;
        var late = 0;
        while (true)
        {
            var open = Enumerable.Range(0, inputs.Count).Where(input => next[input] < inputs[input].Count).ToList();
            watermark = Math.Max(watermark, open.Count == 0 ? long.MaxValue : open.Min(
                input => newest[input] - disorderSeconds ?? long.MinValue));
            if (open.Count == 0)
                return late;
            var taken = open.MinBy(input => (inputs[input][next[input]], input));
            var time = inputs[taken][next[taken]++];
            if ((time / windowSeconds * windowSeconds) + windowSeconds <= watermark)
                late++;
            newest[taken] = Math.Max(newest[taken] ?? long.MinValue, time);
        }
    }
}
