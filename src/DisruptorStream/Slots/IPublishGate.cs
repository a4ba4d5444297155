namespace DisruptorStream.Slots;

/// <summary>What somebody who finds no room asks before the wait, and during it.</summary>
internal interface IPublishGate
{
    /// <summary>Called before a wait for room.</summary>
    /// <exception cref="InvalidOperationException">
    /// The caller is the thread that would have to make the room.
    /// </exception>
    StallTimer BeginWait();

    /// <summary>Called now and then during the wait.</summary>
    /// <exception cref="ResultBufferFullException">Waiting would never end: nobody reads the results.</exception>
    /// <exception cref="Emission.EngineHeldException">Nothing has moved for too long.</exception>
    /// <exception cref="InvalidOperationException">The processor has not been started.</exception>
    void ThrowIfBlocked(ref StallTimer timer);
}
