namespace DisruptorStream.LoadTests.Texts;

/// <summary>Deals events out to threads, each of which gets as many in a row.</summary>
internal static class Shares
{
    /// <param name="calls">The events.</param>
    /// <param name="count">How many threads; with one, the caller's.</param>
    /// <param name="publish">Publishes the share with this number.</param>
    public static void Publish(TextCall[] calls, int count, Action<int, ReadOnlyMemory<TextCall>> publish)
    {
        if (count == 1)
        {
            publish(0, calls);
            return;
        }

        var threads = new Thread[count];
        var length = (calls.Length + count - 1) / count;
        for (var share = 0; share < count; share++)
        {
            var number = share;
            var first = Math.Min(number * length, calls.Length);
            var part = calls.AsMemory(first, Math.Min(length, calls.Length - first));
            threads[share] = new Thread(() => publish(number, part));
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }
}
