using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>A form of a keyed table, with addresses as numbers.</summary>
internal interface IKeysForm : IDisposable
{
    int Count { get; }

    int KeyRange { get; }

    /// <summary>0 for none.</summary>
    nint Find(int key);

    nint Add(int key);

    bool Remove(int key);

    int NextKey(int from);

    int NextRun(int from, out int length);

    void UnionInto(KeySet set);

    void Clear();
}
