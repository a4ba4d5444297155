using DisruptorStream.Pipeline;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>Notes what is saved, and does what the test says meanwhile.</summary>
internal sealed class KeptState : IStateSaver
{
    public List<(Stream Stream, long Sequence)> Saved { get; } = [];

    public Action? OnSave { get; set; }

    public void Save(Stream stream, long sequence)
    {
        Saved.Add((stream, sequence));
        OnSave?.Invoke();
    }
}
