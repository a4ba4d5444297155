namespace DisruptorStream.Pipeline;

/// <summary>Writes the state of a processor, while no stage moves.</summary>
internal interface IStateSaver
{
    /// <summary>Writes the state as of a slot that every stage has handled, and whose rows are delivered.</summary>
    void Save(Stream stream, long sequence);
}
