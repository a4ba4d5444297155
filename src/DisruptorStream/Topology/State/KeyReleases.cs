namespace DisruptorStream.Topology.State;

/// <summary>Frees the id of a retired key once the rows of all queries that may name it have been passed.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class KeyReleases
{
    private readonly Action<int> _release;
    private readonly int _holders;
    private readonly Dictionary<int, int> _passed = [];
    private readonly Lock _gate = new();

    /// <param name="release">Frees an id.</param>
    /// <param name="holders">How many queries name the keys in their rows.</param>
    public KeyReleases(Action<int> release, int holders)
    {
        _release = release;
        _holders = holders;
    }

    /// <summary>The rows of one query have been passed; those of none, where there is none.</summary>
    public void OnPassed(int keyId)
    {
        if (_holders > 1)
        {
            lock (_gate)
            {
                var passed = _passed.GetValueOrDefault(keyId) + 1;
                if (passed < _holders)
                {
                    _passed[keyId] = passed;
                    return;
                }

                _passed.Remove(keyId);
            }
        }

        _release(keyId);
    }
}
