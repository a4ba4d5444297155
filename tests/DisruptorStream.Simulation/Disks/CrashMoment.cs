namespace DisruptorStream.Simulation.Disks;

/// <summary>When in a call a crash comes.</summary>
internal enum CrashMoment
{
    /// <summary>Nothing of the call is done.</summary>
    Before,

    /// <summary>A part of the call may be done: of a write its beginning, of a sync some pages.</summary>
    During,

    /// <summary>All is done, and the caller does not hear of it.</summary>
    After,
}
