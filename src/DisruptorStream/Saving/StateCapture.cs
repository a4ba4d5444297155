namespace DisruptorStream.Saving;

/// <summary>Keeps what a <see cref="StateWriter"/> is told in place of a stream, so that it is written later.</summary>
internal abstract class StateCapture
{
    /// <summary>A section begins.</summary>
    public abstract void OnBegin(SectionTag tag, int version);

    /// <summary>The section ends.</summary>
    public abstract void OnEnd();

    /// <summary>Bytes come.</summary>
    public abstract void OnBytes(ReadOnlySpan<byte> bytes);

    /// <summary>A text comes, which is written whole or as a reference to an earlier one.</summary>
    public abstract void OnText(string text);

    /// <summary>What comes here is written later, on another thread.</summary>
    public abstract void OnLater(Action<StateWriter> save);
}
