using System.Threading.Channels;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>A dictionary that several threads publish to: under a lock, or behind a channel with one reader.</summary>
internal static class SharedDictionary
{
    private const int ChannelCapacity = 65_536;

    /// <summary>Each thread takes the lock for each event.</summary>
    public static Lap RunLocked(TextCall[] calls, TimeSpan window, int publishers)
    {
        var dictionary = new TextDictionary(window.Ticks, TextCalls.Keys);
        var gate = new Lock();
        return Lap.Of(
            calls.Length,
            () =>
            {
                Shares.Publish(calls, publishers, (_, share) =>
                {
                    foreach (ref readonly var call in share.Span)
                    {
                        lock (gate)
                            dictionary.Add(in call);
                    }
                });
                dictionary.Close();
            },
            () => dictionary.Digest);
    }

    /// <summary>Each thread writes to a channel, whose reader has the dictionary for itself.</summary>
    public static Lap RunChannel(TextCall[] calls, TimeSpan window, int publishers)
    {
        var dictionary = new TextDictionary(window.Ticks, TextCalls.Keys);
        var channel = Channel.CreateBounded<TextCall>(
            new BoundedChannelOptions(ChannelCapacity) { SingleReader = true, SingleWriter = publishers == 1 });
        return Lap.Of(
            calls.Length,
            () =>
            {
                var reading = Task.Run(() => ReadAsync(channel.Reader, dictionary));
                Shares.Publish(calls, publishers, (_, share) =>
                {
                    foreach (ref readonly var call in share.Span)
                    {
                        if (!channel.Writer.TryWrite(call))
                            channel.Writer.WriteAsync(call).AsTask().GetAwaiter().GetResult();
                    }
                });
                channel.Writer.Complete();
                reading.GetAwaiter().GetResult();
            },
            () => dictionary.Digest);
    }

    private static async Task ReadAsync(ChannelReader<TextCall> calls, TextDictionary dictionary)
    {
        while (await calls.WaitToReadAsync())
        {
            while (calls.TryRead(out var call))
                dictionary.Add(in call);
        }

        dictionary.Close();
    }
}
