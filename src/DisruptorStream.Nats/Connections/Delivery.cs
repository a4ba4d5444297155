using System.Globalization;

namespace DisruptorStream.Nats.Connections;

/// <summary>What the server says of a message that a consumer gets, in the address for its answer.</summary>
/// <param name="Sequence">Its number in the stream.</param>
/// <param name="Delivered">How many the consumer has got with it: no gap, unless one was lost on the way.</param>
/// <param name="Time">When the server got it.</param>
/// <param name="Pending">How many the consumer will get after it, as far as there are some.</param>
internal readonly record struct Delivery(long Sequence, long Delivered, DateTimeOffset Time, long Pending)
{
    private const int PartsOfOld = 9;
    private const int LeastPartsOfNew = 11;
    private const int MostParts = 13;
    private const long NanosecondsPerTick = 100;

    /// <summary>Reads the address; false for one of another kind.</summary>
    public static bool TryParse(string? address, out Delivery delivery)
    {
        delivery = default;
        if (address is null || !address.StartsWith("$JS.ACK.", StringComparison.Ordinal))
            return false;
        var text = address.AsSpan();
        Span<Range> parts = stackalloc Range[MostParts];
        var count = text.Split(parts, '.');

        // Newer servers have the domain and the account before the stream, and something random at the end.
        var first = count == PartsOfOld ? 5 : count >= LeastPartsOfNew ? 7 : 0;
        if (first == 0
            || !TryRead(text[parts[first]], out var sequence)
            || !TryRead(text[parts[first + 1]], out var delivered)
            || !TryRead(text[parts[first + 2]], out var nanoseconds)
            || !TryRead(text[parts[first + 3]], out var pending))
        {
            return false;
        }

        var time = DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);
        delivery = new Delivery(sequence, delivered, time, pending);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
