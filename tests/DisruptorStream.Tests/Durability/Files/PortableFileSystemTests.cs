using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability.Files;

public sealed class PortableFileSystemTests : FileSystemContract
{
    public PortableFileSystemTests()
        : base(new PortableFileSystem())
    {
    }
}
