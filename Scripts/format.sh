#!/bin/bash
# Formats every Swift file in place.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format --in-place --recursive Sources Tests Package.swift
