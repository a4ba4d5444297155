namespace DisruptorStream.Emission.Delivery;

/// <summary>Tells which watermark slots have brought about.</summary>
/// <remarks>Window assignment writes, and is not held by it; any thread reads.</remarks>
internal sealed class WatermarkProgress
{
    private long _sequence = -1;
    private long _watermarkTicks = long.MinValue;

    /// <summary>Slots up to this one have been handled, and the watermark is this one. Neither goes back.</summary>
    public void MoveTo(long sequence, long watermarkTicks)
    {
        // Pairs with the reads in Read.
        Volatile.Write(ref _sequence, sequence);
        Volatile.Write(ref _watermarkTicks, watermarkTicks);
    }

    /// <summary>Gives a watermark, and a slot by which it was reached.</summary>
    /// <param name="sequence">The slot; -1 for none yet.</param>
    /// <param name="watermarkTicks">The watermark; long.MinValue for none yet.</param>
    public void Read(out long sequence, out long watermarkTicks)
    {
        // The watermark first, against the order in MoveTo: the sequence is that of the watermark or a later one.
        watermarkTicks = Volatile.Read(ref _watermarkTicks);
        sequence = Volatile.Read(ref _sequence);
    }
}
