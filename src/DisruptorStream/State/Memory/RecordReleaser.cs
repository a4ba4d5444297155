namespace DisruptorStream.State.Memory;

/// <summary>Gives back what a record holds outside of itself, before the record is forgotten.</summary>
internal abstract unsafe class RecordReleaser
{
    public abstract void Release(byte* record);
}
