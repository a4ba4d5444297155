using DisruptorStream.Saving;

namespace DisruptorStream.State.Memory;

/// <summary>How the records of a table are saved and loaded. Belongs to one shard, as its blocks do.</summary>
internal abstract unsafe class RecordFormat
{
    /// <summary>
    /// Whether a record's bytes are all there is and mean the same everywhere, so that many are copied at once.
    /// </summary>
    public abstract bool IsPlain { get; }

    /// <summary>Whether not all bytes make a record: then each that was copied in is asked about.</summary>
    public abstract bool IsChecked { get; }

    /// <summary>The most bytes that a record may hold outside of itself.</summary>
    public virtual int MostBlockBytes => 0;

    /// <summary>Writes what the record means; of equal records the same bytes.</summary>
    public abstract void Save(StateWriter writer, byte* record);

    /// <summary>Makes a new record what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public abstract void Load(StateReader reader, byte* record);

    /// <summary>Whether a plain record whose bytes were copied in can have been saved.</summary>
    public abstract bool IsValid(byte* record);
}
