namespace DisruptorStream.ClusterCrash.Rounds;

/// <summary>What happens to the processes of a round.</summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    Clean,

    /// <summary>Nodes are killed and started again.</summary>
    KillNode,

    /// <summary>The server of the log is killed and started again.</summary>
    KillServer,

    /// <summary>Both at once.</summary>
    KillBoth,

    /// <summary>
    /// A node stands still, another one takes its partitions over, and the first goes on: two owners.
    /// </summary>
    PauseNode,

    /// <summary>Each node runs all partitions, always.</summary>
    TwoOwners,

    /// <summary>A node does not reach the log for a while, another one takes over, and then it does.</summary>
    CutNetwork,

    /// <summary>Nodes are replaced, one after the other, by those of the next version of the query.</summary>
    Upgrade,
}
