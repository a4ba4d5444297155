using System.Globalization;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>The nodes of a round, and what they say.</summary>
internal sealed class NodeSet : IDisposable
{
    private readonly Node?[] _nodes;
    private int _starts;

    /// <param name="round">Names it.</param>
    /// <param name="count">How many nodes there are.</param>
    public NodeSet(string round, int count)
    {
        _nodes = new Node?[count];
        Logs = Path.Combine(Path.GetTempPath(), $"cluster-{round}");
    }

    /// <summary>The directory of what they say: it is made with the first one.</summary>
    public string Logs { get; }

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Length;

    /// <summary>One that was started.</summary>
    public Node this[int node] => _nodes[node]!;

    /// <summary>Starts one, in the place of the one that was there.</summary>
    /// <param name="options">What it is told.</param>
    /// <param name="prefix">What stands before the program; may be none.</param>
    public void Start(NodeOptions options, params string[] prefix)
    {
        Directory.CreateDirectory(Logs);
        _nodes[options.Index]?.Dispose();
        var log = string.Create(CultureInfo.InvariantCulture, $"node-{options.Index}-{++_starts}.log");
        _nodes[options.Index] = Node.Start(options, Path.Combine(Logs, log), prefix);
    }

    /// <summary>Waits until all have begun.</summary>
    public Task WaitUntilReadyAsync() => Task.WhenAll(Array.ConvertAll(_nodes, node => node!.WaitUntilReadyAsync()));

    /// <summary>What all of them have said is no longer wanted.</summary>
    public void DeleteLogs() => Directory.Delete(Logs, recursive: true);

    /// <summary>Ends those that are there still.</summary>
    public void Dispose()
    {
        foreach (var node in _nodes)
            node?.Dispose();
    }
}
