using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.PortableGate.Tests;

/// <summary>
/// Everything of the class library that portable code may touch: it exists with this signature in netstandard2.1, .NET 10 and
/// nanoFramework 1.x (CoreLibrary, System.Collections, System.Math, System.Text), and is sans-IO. A type is allowed by its own line.
/// To add a member, look it up in the nanoFramework sources first.
/// </summary>
internal static class AllowedMembers
{
    const string List = """
        System.Void
        System.Boolean
        System.Char
        System.SByte
        System.Int16
        System.UInt16
          ToString()
        System.Byte
          ToString()
          ToString(System.String)
        System.Int32
          ToString()
          ToString(System.String)
          Parse(System.String)
          TryParse(System.String,System.Int32&)
        System.UInt32
          ToString()
          ToString(System.String)
        System.Int64
          ToString()
          ToString(System.String)
        System.UInt64
          ToString()
          ToString(System.String)
        System.Object
          .ctor()
          Equals(System.Object)
          GetHashCode()
          ToString()
          ReferenceEquals(System.Object,System.Object)
          Finalize()
        System.ValueType
        System.Enum
        System.Attribute
          .ctor()
        System.Delegate
        System.MulticastDelegate
        System.IDisposable
          Dispose()
        System.String
          Empty
          .ctor(System.Char[])
          .ctor(System.Char[],System.Int32,System.Int32)
          get_Length()
          get_Chars(System.Int32)
          op_Equality(System.String,System.String)
          op_Inequality(System.String,System.String)
          Equals(System.Object)
          Equals(System.String,System.String)
          IsNullOrEmpty(System.String)
          IndexOf(System.Char)
          IndexOf(System.Char,System.Int32)
          Substring(System.Int32)
          Substring(System.Int32,System.Int32)
          Split(System.Char[])
          Trim()
          ToCharArray()
          ToLower()
          ToUpper()
          Concat(System.String,System.String)
          Concat(System.String,System.String,System.String)
          Concat(System.String,System.String,System.String,System.String)
          Concat(System.String[])
          Concat(System.Object,System.Object)
          Concat(System.Object,System.Object,System.Object)
          Format(System.String,System.Object[])
        System.Array
          get_Length()
          Copy(System.Array,System.Array,System.Int32)
          Copy(System.Array,System.Int32,System.Array,System.Int32,System.Int32)
          Clear(System.Array,System.Int32,System.Int32)
          IndexOf(System.Array,System.Object)
        System.BitConverter
          IsLittleEndian
          ToInt16(System.Byte[],System.Int32)
          ToInt32(System.Byte[],System.Int32)
          ToInt64(System.Byte[],System.Int32)
          ToUInt16(System.Byte[],System.Int32)
          ToUInt32(System.Byte[],System.Int32)
          ToUInt64(System.Byte[],System.Int32)
        System.Convert
          ToBase64String(System.Byte[])
          FromBase64String(System.String)
        System.Math
          Min(System.Int32,System.Int32)
          Max(System.Int32,System.Int32)
          Abs(System.Int32)
        System.Text.Encoding
          get_UTF8()
          GetBytes(System.String)
          GetString(System.Byte[],System.Int32,System.Int32)
        System.Text.StringBuilder
          .ctor()
          Append(System.Char)
          Append(System.String)
          Append(System.Int32)
          ToString()
          get_Length()
        System.Collections.ArrayList
          .ctor()
          get_Count()
          get_Item(System.Int32)
          set_Item(System.Int32,System.Object)
          Add(System.Object)
          Insert(System.Int32,System.Object)
          Remove(System.Object)
          RemoveAt(System.Int32)
          Clear()
          Contains(System.Object)
          IndexOf(System.Object)
        System.Collections.Hashtable
          .ctor()
          get_Count()
          get_Item(System.Object)
          set_Item(System.Object,System.Object)
          Add(System.Object,System.Object)
          Remove(System.Object)
          Clear()
          Contains(System.Object)
          get_Keys()
          get_Values()
        System.Collections.ICollection
        System.Collections.IEnumerable
          GetEnumerator()
        System.Collections.IEnumerator
          MoveNext()
          get_Current()
        System.Exception
          .ctor()
          .ctor(System.String)
          .ctor(System.String,System.Exception)
          get_Message()
        System.ArgumentException
          .ctor(System.String)
          .ctor(System.String,System.String)
          .ctor(System.String,System.Exception)
        System.ArgumentNullException
          .ctor(System.String)
        System.ArgumentOutOfRangeException
          .ctor(System.String)
          .ctor(System.String,System.String)
        System.InvalidOperationException
          .ctor()
          .ctor(System.String)
          .ctor(System.String,System.Exception)
        System.IndexOutOfRangeException
          .ctor()
        System.NotSupportedException
          .ctor()
          .ctor(System.String)
        System.RuntimeFieldHandle
        System.Runtime.CompilerServices.RuntimeHelpers
          InitializeArray(System.Array,System.RuntimeFieldHandle)
        """;

    static readonly HashSet<string> Names = Parse();

    public static bool HasType(string fullName) => Names.Contains(fullName);

    public static bool HasMember(string typeAndMember) => Names.Contains(typeAndMember);

    static HashSet<string> Parse()
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        string type = "";
        foreach (string line in List.Split('\n').Select(l => l.TrimEnd()))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                names.Add(type + "::" + line.Trim());
            }
            else
            {
                type = line;
                names.Add(type);
            }
        }

        return names;
    }
}
