namespace DisruptorStream.Durability.Journal.Format;

/// <summary>How the payload of a frame is written. The numbers are in files.</summary>
internal enum FrameEncoding : byte
{
    /// <summary>As it lies in memory.</summary>
    Raw = 0,

    /// <summary>Slots as columns of few bits.</summary>
    Packed = 1,
}
