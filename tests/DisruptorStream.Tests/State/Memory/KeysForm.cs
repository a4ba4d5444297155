using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>The calls of a form of a keyed table, with addresses as numbers.</summary>
internal sealed class KeysForm : IDisposable
{
    private readonly IDisposable _keys;

    public KeysForm(IDisposable keys) => _keys = keys;

    public delegate int RunCall(int from, out int length);

    public required Func<int> Count { get; init; }

    public required Func<int> KeyRange { get; init; }

    /// <summary>0 for none.</summary>
    public required Func<int, nint> Find { get; init; }

    public required Func<int, nint> Add { get; init; }

    public required Func<int, bool> Remove { get; init; }

    public required Func<int, int> NextKey { get; init; }

    public required RunCall NextRun { get; init; }

    public required Action<KeySet> UnionInto { get; init; }

    public required Action Clear { get; init; }

    public void Dispose() => _keys.Dispose();
}
