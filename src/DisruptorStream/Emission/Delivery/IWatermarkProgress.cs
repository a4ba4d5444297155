namespace DisruptorStream.Emission.Delivery;

/// <summary>Tells which watermark slots have brought about.</summary>
internal interface IWatermarkProgress
{
    /// <summary>Gives a watermark, and a slot by which it was reached. Any thread; never goes back.</summary>
    /// <param name="sequence">The slot; -1 for none yet.</param>
    /// <param name="watermarkTicks">The watermark; long.MinValue for none yet.</param>
    void Read(out long sequence, out long watermarkTicks);
}
